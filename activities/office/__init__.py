"""What the office itself maintains: holiday papers, prices, how it reminds and in what words."""
