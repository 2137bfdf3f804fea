import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const npUsers = pgTable('np_users', {
  id: uuid('id').primaryKey().defaultRandom(),
  sourceAccountId: text('source_account_id').notNull().default('primary'),
  tenantId: uuid('tenant_id'),
  email: text('email').notNull().unique(),
  name: text('name'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
}, (t) => [
  index('idx_np_users_tenant').on(t.tenantId),
])
