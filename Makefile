# Every target sets up what it needs; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup environment rehearse reminders test lint dev bench

# The one that set-up used; else names tried by running each, as a name on PATH may belong to a
# version that is not installed.
PYTHON ?= $(shell \
	if read -r python 2>/dev/null <.venv/.interpreter && test -x "$$python"; then echo "$$python"; \
	else for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && break; done; fi)
RUN := .venv/bin/python

help: ## 列出全部命令
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

setup: ## 建立运行环境，准备 Temporal 服务器
	@python='$(PYTHON)'; test -n "$$python" \
	|| { echo '需要 Python 3.11 或更新版本：请安装后重试。' >&2; exit 2; }; \
	$$python -m deploy.setup

environment:
	@python='$(PYTHON)'; test -n "$$python" \
	|| { echo '需要 Python 3.11 或更新版本：请安装后重试。' >&2; exit 2; }; \
	$$python -m deploy.setup environment

rehearse: setup ## 演练：一个村的征收项目，从启动到交地
	@$(RUN) starter.py rehearse examples/one-village.yaml

reminders: setup ## 演练：一个村的提醒发到各人信箱，列表核对，邮件存入 var/reminders/
	@$(RUN) -m tests.shows.mailboxes

lint: environment ## 检查代码的写法、格式与类型
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

test: lint setup ## 检查代码并运行全部测试
	@$(RUN) -m pytest

dev: setup ## 服务器、网页界面与执行进程一起运行，Ctrl-C 停止
	@exec $(RUN) -m deploy.dev

bench: setup ## 测量事件数、重放、内存与吞吐
	@$(RUN) -m bench
