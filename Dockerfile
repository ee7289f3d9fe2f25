# One image for web, worker, beat, allocator and the fake supplier; docker-compose.yml names what each runs.
FROM python:3.12-slim-bookworm AS set-up
WORKDIR /app
COPY .ci/setup .ci/setup
COPY requirements.lock requirements-node.lock package.json package-lock.json .npmrc ./
COPY templates/static/icons.txt templates/static/icons.txt
RUN python .ci/setup run

FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home platform \
 && install -d -o platform -g platform /var/lib/platform /var/lib/platform/files /app/static
WORKDIR /app
COPY --from=set-up /app/.venv .venv
COPY --from=set-up /app/var/vendor vendor
COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=platform_site.settings \
    PLATFORM_VAR=/var/lib/platform \
    STORAGE_DIR=/var/lib/platform/files \
    STATIC_DIR=/app/static \
    VENDOR_DIR=/app/vendor
USER platform
# Hashed and compressed once, into the image. The addresses are placeholders: nothing is connected to.
RUN DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build SECRET_KEY=build python manage.py collectstatic --noinput -v 0
