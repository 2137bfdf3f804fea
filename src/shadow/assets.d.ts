/** Files that Bun gives as a path (`with { type: "file" }`): on disk from source, inside the executable when compiled. */
declare module "*.wasm" {
  const path: string
  export default path
}
declare module "*.data" {
  const path: string
  export default path
}
declare module "*.tar.gz" {
  const path: string
  export default path
}
