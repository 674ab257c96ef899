"""The bureau's commands: check, launch, act, todo, show, due, rehearse."""

import sys

if __name__ == "__main__":
    from deploy.interpreter import use_project_interpreter

    use_project_interpreter()

    from desk.entry import main

    main(sys.argv[1:])
