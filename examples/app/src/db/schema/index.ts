// barrel export
export * from './users'
export * from './documents'
export * from './tenants'
export * from './roles'
