declare module "*/wasm" {
  /** The name of the file beside the bundle. */
  const file: string;
  export default file;
}
