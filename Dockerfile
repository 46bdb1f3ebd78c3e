# The program as a user without rights; the file system may be read-only, but for the secrets and the database.
FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps . \
    && useradd --uid 10001 --create-home langnghe && mkdir /secrets /data && chown langnghe /secrets /data
USER langnghe
WORKDIR /data
ENTRYPOINT ["langnghe"]
CMD ["run"]
