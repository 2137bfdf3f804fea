# nself for deploys: waits for the database, migrates it, and becomes the command that follows. Nothing in it needs to be written to.
#
#   npx -y bun@1.4.5 run build && docker build -t nself .
#   docker run --read-only -v "$PWD:/app:ro" -e DATABASE_URL nself                      # migrate and end
#   docker run --read-only -v "$PWD:/app:ro" -e DATABASE_URL nself db migrate status    # any command of nself's
#
# In an application's own image:  COPY --from=nself /usr/local/bin/nself /usr/local/bin/nself-entrypoint /usr/local/bin/
#                                 ENTRYPOINT ["nself-entrypoint"]
#                                 CMD ["node", "server.js"]
FROM debian:12-slim

# The system's authorities: TLS to a managed database is verified with them.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*

COPY --chmod=755 dist/nself /usr/local/bin/nself
COPY --chmod=755 docker/entrypoint.sh /usr/local/bin/nself-entrypoint

WORKDIR /app
USER 65532:65532
ENV NODE_ENV=production
ENTRYPOINT ["nself-entrypoint"]
