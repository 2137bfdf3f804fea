import { pgTable, text } from 'drizzle-orm/pg-core'

export const npRoles = pgTable('np_roles', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  permissions: text('permissions').array().notNull().default([]),
})
