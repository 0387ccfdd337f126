// Runs compiling.py in Pyodide, under Node: node compile.mjs FOLDER, which has Pyodide, the code and the pages.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const CODE = "/course/code"; // where worker.js has it, too: bytecode names the file that it is of

async function compile(folder) {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
  const pyodide = await loadPyodide({
    indexURL: folder,
    lockFileContents: readFileSync(`${folder}/lock.json`, "utf8"),
    stdLibURL: `${folder}/python_stdlib.zip`,
    env: { HOME: "/course", PYTHONHASHSEED: "0" },
  });
  pyodide.mountNodeFS("/build", folder);
  pyodide.unpackArchive(new Uint8Array(readFileSync(`${folder}/python_code.zip`)), "zip", { extractDir: CODE });
  pyodide.pyimport("sys").path.insert(0, CODE);
  pyodide.runPython(readFileSync(new URL("compiling.py", import.meta.url), "utf8"));
  pyodide.globals.get("main")("/build");
}

try {
  await compile(resolve(process.argv[2]));
} catch (error) {
  console.error(error.message); // without the line of Pyodide's own script that Node would print
  process.exitCode = 1;
}
