# 每个目标都会先把自己需要的环境装好；无事可做时不到一秒。
# Every target first sets up what it needs; with nothing to do that takes less than a second.

.DEFAULT_GOAL := help
.PHONY: help setup demo down up test check bench sweep lock
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PROCESSES ?= 2
BIN := .venv/bin
FOR_USE := @$(PYTHON) -m deployments.install --for use
FOR_DEVELOPMENT := @$(PYTHON) -m deployments.install --for development

# Everything that is made stays inside this folder; the user's home is not touched.
export PREFECT_HOME := $(CURDIR)/.minsheng/prefect
export XDG_CACHE_HOME := $(CURDIR)/.minsheng/cache
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
# The system's Python must not shadow this folder's packages, nor be shadowed by the user's own.
export PYTHONPATH :=
export PYTHONNOUSERSITE := 1

help: ## 显示这张表
	@echo "民生微实事 · 命令一览（make 目标 ARGS=\"…\" 可带参数）"
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## 安装运行和开发所需的一切（此前失败的可选步骤会再试）
	$(FOR_DEVELOPMENT) --again

demo: ## 演示：示例项目从征集走到归档，并给出 Prefect 界面的地址
	$(FOR_USE)
	@$(BIN)/minsheng demo $(ARGS)

up: ## 启动本机的全部服务（真实数据）
	$(FOR_USE)
	@$(BIN)/minsheng up $(ARGS)

down: ## 停止 demo 或 up 启动的服务
	@if [ -x $(BIN)/minsheng ]; then $(BIN)/minsheng down $(ARGS); else echo "尚未安装，没有要停止的服务。"; fi

test: ## 运行测试（不含 sweep 的长时间普查）
	$(FOR_DEVELOPMENT)
	@$(BIN)/pytest -n $(PROCESSES) --dist loadgroup -m "not slow" $(ARGS)

sweep: ## 运行长时间的普查测试
	$(FOR_DEVELOPMENT)
	@$(BIN)/pytest -n $(PROCESSES) --dist loadgroup -m slow $(ARGS)

check: ## 检查写法、类型、分层和政策条文的覆盖
	$(FOR_DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/minsheng rulebook coverage | tail -1

bench: ## 测量本机的速度，结果的读法见 docs/benchmarks.md
	$(FOR_DEVELOPMENT)
	@$(BIN)/python -m tests.postgres $(BIN)/minsheng bench $(ARGS)

# No index, cache or setting of this machine may reach the locks: only names, versions and hashes.
LOCK := env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	UV_CACHE_DIR=.minsheng/cache/uv UV_SYSTEM_CERTS=true $(BIN)/uv pip compile --quiet --no-config \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: ## 按 requirements/*.in 重写锁文件（ARGS=--upgrade 升到新版本）
	$(FOR_DEVELOPMENT)
	$(LOCK) $(ARGS) -o requirements/runtime.txt requirements/install.in requirements/runtime.in
	$(LOCK) $(ARGS) -c requirements/runtime.txt -o requirements/development.txt \
	  requirements/install.in requirements/runtime.in requirements/development.in
	$(LOCK) -c requirements/runtime.txt -o requirements/install.txt requirements/install.in
