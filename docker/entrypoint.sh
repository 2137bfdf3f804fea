#!/bin/sh
# Entrypoint of a container: waits for the database, brings it up to date, and then becomes the command that follows.
# Any number of replicas may start at once: one migrates, the others wait for it.
#
#   NSELF_MIGRATE        up (the default) or off
#   NSELF_ENV            the environment, typed as --env; needed for prod
#   NSELF_WAIT_SECONDS   how long to wait for the database; 60 without it
#   NSELF_UP_OPTIONS     more options for `nself db migrate up`, for example --all-tenants
set -eu
unset BUN_OPTIONS BUN_BE_BUN # they would run other code inside nself

child=''
stopped=''

# As process 1 a shell would ignore SIGTERM, and in the foreground it would pass none on.
stop() {
  stopped=1
  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || true; else exit 143; fi
}

run() {
  "$@" &
  child=$!
  code=0
  wait "$child" || code=$?
  while kill -0 "$child" 2>/dev/null; do # the signal ended the waiting, not the child
    code=0
    wait "$child" || code=$?
  done
  child=''
  [ -z "$stopped" ] || exit 143
  return "$code"
}

migrate() {
  set -- # what follows is the caller's command
  if [ -n "${NSELF_ENV:-}" ]; then set -- --env "$NSELF_ENV"; fi
  run nself db wait --timeout "${NSELF_WAIT_SECONDS:-60}" "$@"
  # shellcheck disable=SC2086 # several options stand in one variable
  run nself db migrate up "$@" ${NSELF_UP_OPTIONS:-}
}

main() {
  case ${1:-} in
    db | doctor | init | hooks | upgrade | completions | man | --help | --version) exec nself "$@" ;;
  esac
  trap stop TERM INT HUP
  case ${NSELF_MIGRATE:-up} in
    up) migrate ;;
    off) ;;
    *) echo "error: NSELF_MIGRATE is up or off, not $NSELF_MIGRATE" >&2; exit 2 ;;
  esac
  trap - TERM INT HUP
  [ -z "$stopped" ] || exit 143
  [ $# -eq 0 ] || exec "$@"
}

main "$@"
