#!/bin/sh
# What CI asks of a database: are applied files as they were, what would `up` do, has anybody changed the schema by hand?
# The answers go to the job's log, to its summary, and into one comment of the pull or merge request that is kept up to date.
#
#   NSELF_ENV             the environment, typed as --env; dev without it
#   NSELF_APPLY           true: migrate when nothing was found
#   NSELF_FAIL_ON_DRIFT   false: drift is shown and does not fail
#   NSELF_COMMENT         false: no comment
#   NSELF_PULL            number of the pull request (GitHub); GH_TOKEN must be able to write to it
#   NSELF_GITLAB_TOKEN    a token with the scope api, for comments on GitLab
set -eu

env_name=${NSELF_ENV:-dev}
marker="<!-- nself $env_name -->"

read_state() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  verified=0
  planned=0
  drifted=0
  nself db migrate verify-checksums --env "$env_name" >"$work/verify" 2>&1 || verified=$?
  nself db migrate up --env "$env_name" --dry-run >"$work/plan" 2>"$work/plan-talk" || planned=$?
  nself db migrate diff --env "$env_name" --fail-on-drift >"$work/diff" 2>"$work/diff-talk" || drifted=$?
  cat "$work/verify" "$work/plan-talk" "$work/diff-talk"
  if [ -n "${GITHUB_ACTIONS:-}" ]; then nself db migrate diff --env "$env_name" --github || true; else cat "$work/diff"; fi
}

# Longer comments are refused; 60,000 characters are left for one.
section() {
  printf '\n**%s**\n\n```%s\n' "$1" "$2"
  head -c 15000 "$3"
  [ "$(wc -c <"$3")" -le 15000 ] || printf '\n… cut off here; the log of the job has it all\n'
  printf '\n```\n'
}

write_report() {
  {
    printf '%s\n### nself: %s\n' "$marker" "$env_name"
    if [ "$verified" -ne 0 ]; then section "Applied migrations were altered" '' "$work/verify"; else printf '\nApplied migrations are as they were applied.\n'; fi
    if [ "$planned" -ne 0 ]; then section "up would refuse" '' "$work/plan-talk"
    elif grep -q '^-- ' "$work/plan"; then section "up would run" sql "$work/plan"
    else printf '\nNothing is pending.\n'
    fi
    if [ "$drifted" -ne 0 ] && [ "$drifted" -ne 5 ]; then section "Drift could not be looked for" '' "$work/diff-talk"
    elif [ "$drifted" -ne 0 ]; then section "The database was changed by hand" '' "$work/diff"
    else printf '\nNo drift.\n'
    fi
  } >"$work/report.md"
  [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$work/report.md" >>"$GITHUB_STEP_SUMMARY"
  [ -z "${NSELF_REPORT:-}" ] || cp "$work/report.md" "$NSELF_REPORT"
}

comment() {
  [ "${NSELF_COMMENT:-true}" = true ] || return 0
  if [ -n "${GITHUB_ACTIONS:-}" ] && [ -n "${NSELF_PULL:-}" ]; then comment_github
  elif [ -n "${CI_MERGE_REQUEST_IID:-}" ] && [ -n "${NSELF_GITLAB_TOKEN:-}" ]; then comment_gitlab
  fi
}

comment_github() {
  comments="repos/$GITHUB_REPOSITORY/issues/$NSELF_PULL/comments"
  old=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
  if [ -n "$old" ]; then gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old" --field "body=@$work/report.md"
  else gh api --silent --method POST "$comments" --field "body=@$work/report.md"
  fi
}

# GitLab's own job token may not comment. The header comes from a file, because everybody on the machine can read arguments.
comment_gitlab() {
  notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$NSELF_GITLAB_TOKEN" >"$work/curl"
  old=$(curl --fail --silent --show-error --config "$work/curl" "$notes?per_page=100" | tr '{' '\n' | grep -F "\"body\":\"$marker" | sed -n 's/.*"id":\([0-9]*\).*/\1/p' | head -n 1)
  if [ -n "$old" ]; then curl --fail --silent --show-error --config "$work/curl" --output /dev/null --request PUT --data-urlencode "body@$work/report.md" "$notes/$old"
  else curl --fail --silent --show-error --config "$work/curl" --output /dev/null --data-urlencode "body@$work/report.md" "$notes"
  fi
}

# nself's own exit code of the worst finding, so that a job can tell them apart.
finish() {
  [ "$verified" -eq 0 ] || exit "$verified"
  [ "$planned" -eq 0 ] || exit "$planned"
  if [ "$drifted" -eq 5 ] && [ "${NSELF_FAIL_ON_DRIFT:-true}" != true ]; then drifted=0; fi
  [ "$drifted" -eq 0 ] || exit "$drifted"
  if [ "${NSELF_APPLY:-false}" = true ]; then nself db migrate up --env "$env_name"; fi
}

main() {
  read_state
  write_report
  comment
  finish
}

main "$@"
