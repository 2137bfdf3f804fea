import { expect, test } from "bun:test"
import { chainFaults, NOBODY, type ChainLink } from "../../src/core/chain.ts"

/** `2b<a`: snapshot b of migration 2 follows a; `-` is nobody. */
const links = (text: string): ChainLink[] => text.split(" ").map(one => {
  const [, seq, id, prevId] = /^(\d+)(\w+)<(.+)$/.exec(one)!
  return { seq: Number(seq), id: id!, prevId: prevId === "-" ? NOBODY : prevId! }
})

test.each<[string, string, string]>([
  ["a whole chain", "1a<- 2b<a 3c<b", ""],
  ["one with gaps, where migrations are hand-written", "1a<- 4b<a 9c<b", ""],
  ["a fork", "1a<- 2b<a 3c<a", "forked 2,3 from 1"],
  ["a fork of three at the start", "1a<- 2b<- 3c<-", "forked 1,2,3 from null"],
  ["a fork whose second branch is long", "1a<- 2b<a 3c<a 4d<c", "forked 2,3 from 1"],
  ["one that follows nobody here", "1a<- 2b<gone", "broken 2 after 1 names null"],
  ["one that follows a later one", "1a<- 2b<c 3c<a", "broken 2 after 1 names 3; broken 3 after 2 names 1"],
  ["a first one that follows somebody", "1a<gone 2b<a", "broken 1 after null names null"],
])("%s", (_, text, expected) => {
  const said = chainFaults(links(text)).map(one => (one.kind === "forked" ? `forked ${one.seqs.join(",")} from ${one.base}` : `broken ${one.seq} after ${one.before} names ${one.names}`))
  expect(said.join("; ")).toBe(expected)
})
