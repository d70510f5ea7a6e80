/** A class as the log knows it: the path relative to the workspace folder, forward slashes. */
export interface MigratedClass {
  file_path: string;
  name: string;
}

export const classKey = ({ file_path, name }: MigratedClass): string => `${file_path}#${name}`;
