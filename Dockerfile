# The program as a user without rights; the file system may be read-only, but for the secrets and the database.
FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps . \
    && useradd --uid 10001 --create-home langnghe && mkdir /secrets /data && chown langnghe /secrets /data
USER langnghe
WORKDIR /data
# What the pages say of themselves, at the configured port. `work` and `migrate` serve none: switch it off there.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client, sys; from bot.config import load_config; wire = http.client.HTTPConnection('127.0.0.1', load_config(None).web.port, timeout=4); wire.request('GET', '/readyz'); sys.exit(wire.getresponse().status != 200)"]
ENTRYPOINT ["langnghe"]
CMD ["run"]
