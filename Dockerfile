# The image holds the program; what it is told and what it keeps lies on the volume /data:
# inglenook.toml, if there is one, and the library. docs/hosting.md says how to run it.

FROM python:3.13-slim AS build
RUN python -m venv /opt/inglenook
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY corpus/ corpus/
RUN /opt/inglenook/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
RUN groupadd --gid 10001 inglenook \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin inglenook \
    && install --directory --owner=inglenook --group=inglenook --mode=0700 /data
COPY --from=build /opt/inglenook /opt/inglenook
# The mark makes `run` refuse a database that is not on a volume, whatever runs the container.
ENV PATH=/opt/inglenook/bin:$PATH \
    INGLENOOK_IN_CONTAINER=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# By number, so that a platform that demands a non-root user can tell that it is one.
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
CMD ["inglenook", "run"]
