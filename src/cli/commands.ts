import type { Command } from "./command.ts"
import baseline from "./commands/baseline.ts"
import completions from "./commands/completions.ts"
import adopt from "./commands/adopt.ts"
import diagram from "./commands/diagram.ts"
import diff from "./commands/diff.ts"
import doctor from "./commands/doctor.ts"
import down from "./commands/down.ts"
import generate from "./commands/generate.ts"
import hasuraSeed from "./commands/hasura-seed.ts"
import hooksInstall from "./commands/hooks-install.ts"
import hooksRun from "./commands/hooks-run.ts"
import journalRebase from "./commands/journal-rebase.ts"
import init from "./commands/init.ts"
import lint from "./commands/lint.ts"
import log from "./commands/log.ts"
import man from "./commands/man.ts"
import mark from "./commands/mark.ts"
import rebase from "./commands/rebase.ts"
import renumber from "./commands/renumber.ts"
import repair from "./commands/repair.ts"
import mock from "./commands/mock.ts"
import seed from "./commands/seed.ts"
import push from "./commands/push.ts"
import report from "./commands/report.ts"
import reset from "./commands/reset.ts"
import squash from "./commands/squash.ts"
import status from "./commands/status.ts"
import tenantCreate from "./commands/tenant-create.ts"
import tenantDrop from "./commands/tenant-drop.ts"
import tenantList from "./commands/tenant-list.ts"
import wait from "./commands/wait.ts"
import upgrade from "./commands/upgrade.ts"
import up from "./commands/up.ts"
import verifyChecksums from "./commands/verify-checksums.ts"

/** Every command, in the order of the help. One a line, because many people add theirs at once. */
export const commands: readonly Command[] = [
  generate,
  up,
  down,
  status,
  verifyChecksums,
  lint,
  renumber,
  journalRebase,
  rebase,
  repair,
  adopt,
  baseline,
  squash,
  diff,
  push,
  reset,
  log,
  mark,
  diagram,
  report,
  wait,
  doctor,
  init,
  seed,
  hasuraSeed,
  mock,
  tenantList,
  tenantCreate,
  tenantDrop,
  hooksInstall,
  hooksRun,
  upgrade,
  completions,
  man,
]
