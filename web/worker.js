// Python in a thread of its own. Everything comes in messages: nothing is fetched, and the policy of the page, which
// this thread inherits, forbids it.
let desk, pyodide;

// Pyodide asks whether this is a classic worker by loading an empty script; its module is here as a function instead.
self.importScripts = () => { throw new Error("no script is loaded"); };

async function start(parts) {
  const [wasm, library, program] = await Promise.all([parts.wasm, parts.library, parts.program].map(unpacked))
    .catch(() => { throw new Error("The file is damaged or not complete. Please open it again from where you got it."); });
  // The one thing that Pyodide would fetch: it is here already.
  const held = {"pyodide.asm.wasm": wasm, "python_stdlib.zip": library};
  self.fetch = async address => {
    const name = String(address.url ?? address).split("/").pop();
    if (!(name in held)) throw new TypeError(`${name} is not fetched: this page uses no network`);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/zip";
    return new Response(held[name], {headers: {"content-type": type}});
  };
  pyodide = await loadPyodide({
    createPyodideModule: _createPyodideModule,
    indexURL: "https://page.invalid/",
    lockFileContents: {info: LOCKED, packages: {}},
    env: {HOME: "/home", PYTHONDONTWRITEBYTECODE: "1"},
  });
  const extractDir = pyodide.runPython("import sysconfig; sysconfig.get_path('purelib')");
  pyodide.unpackArchive(program, "zip", {extractDir});
  // Where calendar files look for the time zone that they are stamped in.
  pyodide.FS.mkdirTree("/usr/share");
  pyodide.FS.symlink(`${extractDir}/tzdata/zoneinfo`, "/usr/share/zoneinfo");
  desk = pyodide.pyimport("bridge");
  delete self.fetch;
}

function answer(call, asked, files) {
  const given = pyodide.toPy(asked), held = pyodide.toPy(files);
  const found = desk.reply(call, given, held);
  const told = found.toJs({dict_converter: Object.fromEntries});
  for (const proxy of [given, held, found]) proxy.destroy();
  return told;
}

self.onmessage = async ({data: {id, call, asked, files, parts}}) => {
  try {
    const told = parts ? await start(parts) : answer(call, asked, files);
    self.postMessage({id, told});
  } catch (error) {
    self.postMessage({id, failed: String(error.message ?? error)});
  }
};
