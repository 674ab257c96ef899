# Every target sets up what it needs; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup environment server rehearse test lint dev bench

# Tried by running each: a name on PATH may belong to a version that is not installed.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && break; done)
RUN := .venv/bin/python

help: ## 列出全部命令
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

setup: environment server ## 建立运行环境,准备 Temporal 服务器

environment:
	@test -n "$(PYTHON)" || { echo '需要 Python 3.11 或更新版本:请安装后重试。' >&2; exit 2; }
	@$(PYTHON) -m deploy.setup

server: environment
	@$(RUN) -m deploy.server prepare

rehearse: setup ## 演练:一个村的征收项目,从启动到交地
	@$(RUN) starter.py rehearse examples/one-village.yaml

lint: environment ## 检查代码的写法、格式与类型
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

test: lint server ## 检查代码并运行全部测试
	@$(RUN) -m pytest

dev: setup ## 服务器、网页界面与执行进程一起运行,Ctrl-C 停止
	@exec $(RUN) -m deploy.dev

bench: setup ## 测量事件数、重放、内存与吞吐
	@$(RUN) -m bench
