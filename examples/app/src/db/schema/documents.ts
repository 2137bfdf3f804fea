import { sql } from 'drizzle-orm'
import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { npUsers } from './users'

export const npDocuments = pgTable('np_documents', {
  id: uuid('id').primaryKey().defaultRandom(),
  sourceAccountId: text('source_account_id').notNull().default('primary'),
  tenantId: uuid('tenant_id'),
  userId: uuid('user_id').notNull().references(() => npUsers.id, { onDelete: 'restrict' }),
  title: text('title').notNull(),
  body: text('body'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
}, (t) => [
  index('idx_np_documents_user').on(t.userId),
  index('idx_np_documents_source_active').on(t.sourceAccountId, t.userId).where(sql`deleted_at IS NULL`),
])
