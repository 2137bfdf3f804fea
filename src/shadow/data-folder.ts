/** In a project's `.nself/`: the data of the embedded database. Beside it are caches, which make no database. */
export const DATA_FOLDER = "pgdata"
