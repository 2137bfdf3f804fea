import { pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const npTenantStatus = pgEnum('np_tenant_status', ['active', 'suspended'])

export const npTenants = pgTable('np_tenants', {
  id: uuid('id').primaryKey().defaultRandom(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  status: npTenantStatus('status').notNull().default('active'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
})
