# The bot: Rasa 3.6 on Python 3.10, with its model trained in. Build from the top folder:
#   docker build -f deploy/bot.Dockerfile -t civicdesk-bot .

FROM python:3.10-slim-bookworm AS packages
COPY requirements/bot.txt /tmp/bot.txt
# --no-deps: the list is complete, and Rasa's own wishes name parts that are never used (docs/adr).
# Three small ones come as source; what builds them is pinned too, hence first and without a build room of its own.
RUN awk '/^[a-z]/ { keep = /^(setuptools|wheel)==/ } keep' /tmp/bot.txt > /tmp/build.txt \
 && python -m venv /opt/civicdesk \
 && /opt/civicdesk/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
      --require-hashes --requirement /tmp/build.txt \
 && /opt/civicdesk/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation \
      --require-hashes --requirement /tmp/bot.txt

FROM python:3.10-slim-bookworm
RUN groupadd --gid 10001 civicdesk \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin civicdesk \
 && install -d -o 10001 -g 10001 -m 0755 /app /app/var
ENV PATH=/opt/civicdesk/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    RASA_TELEMETRY_ENABLED=false \
    TF_CPP_MIN_LOG_LEVEL=2
WORKDIR /app
COPY --from=packages /opt/civicdesk /opt/civicdesk
COPY requirements/bot.txt ./requirements/
COPY config.yml domain.yml endpoints.yml credentials.yml city.yml ./
COPY data ./data
COPY content ./content
COPY deploy/probe.py ./deploy/
COPY bot ./bot
# Trained here and nowhere else: the process loads this model by its recorded sha256 and no other.
USER 10001:10001
RUN python -m bot.train
CMD ["python", "-m", "bot"]
