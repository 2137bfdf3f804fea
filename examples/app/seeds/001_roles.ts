// seeds/001_roles.ts — TypeScript seed file
import { db } from '../src/db'
import { npRoles } from '../src/db/schema'

async function seed() {
  await db.insert(npRoles).values([
    { id: 'admin', name: 'Administrator', permissions: ['*'] },
    { id: 'user', name: 'User', permissions: ['read', 'write'] },
    { id: 'viewer', name: 'Viewer', permissions: ['read'] },
  ]).onConflictDoNothing()
  console.log('Seeded roles.')
}
seed().catch(console.error).finally(() => process.exit())
