// The browser's database (IndexedDB), in which work is kept: workspaces by their ids, each with a label, and
// records by workspace and number. src/ui/browser/database.rs asks, in JSON.

export const NAME = 'statefulset-playground';
const VERSION = 1;
/** A browser that has not answered by then is not going to. */
const PATIENCE_MS = 8000;

let opening;

function opened() {
  return (opening ??= open().catch((error) => {
    opening = undefined;
    throw error;
  }));
}

function open() {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new DOMException('no answer', 'InvalidStateError')), PATIENCE_MS);
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const store of ['workspaces', 'records']) request.result.createObjectStore(store);
    };
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
      const database = request.result;
      // A later release may need another form: this tab does not hold it up.
      database.onversionchange = () => database.close();
      database.onclose = () => (opening = undefined);
      done(database);
    };
  });
}

const result = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

const ended = (transaction) =>
  new Promise((done, fail) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => fail(transaction.error ?? new DOMException('', 'AbortError'));
  });

const of = (id, from = 0, to = Infinity) => IDBKeyRange.bound([id, from], [id, to], false, true);

const ASKED = {
  async open() {},

  async workspaces(stores) {
    const [ids, labels] = await Promise.all([result(stores.workspaces.getAllKeys()), result(stores.workspaces.getAll())]);
    return ids.map((id, at) => [id, labels[at]]);
  },

  async label(stores, { id }) {
    return result(stores.workspaces.get(id));
  },

  async records(stores, { id }) {
    const [keys, values] = await Promise.all([
      result(stores.records.getAllKeys(of(id))),
      result(stores.records.getAll(of(id))),
    ]);
    return keys.map(([, number], at) => [number, values[at]]);
  },

  /** Makes a change of one workspace, whole or not at all, if its label is still the one expected. */
  async change(stores, { id, expected, label, put, gone }) {
    const { transaction } = stores.records;
    if (((await result(stores.workspaces.get(id))) ?? null) !== expected) {
      transaction.abort();
      throw new DOMException('', 'Changed');
    }
    const end = ended(transaction);
    try {
      if (label === null) stores.records.delete(of(id));
      else if (gone) stores.records.delete(of(id, ...gone));
      for (const [number, record] of put) stores.records.put(record, [id, number]);
      if (label === null) stores.workspaces.delete(id);
      else stores.workspaces.put(label, id);
    } catch (error) {
      end.catch(() => {});
      transaction.abort();
      throw error;
    }
    await end;
  },
};

/** Answers a question in JSON, or fails with the name of what went wrong. */
export async function ask(question, given) {
  try {
    const database = await opened();
    const mode = question === 'change' ? 'readwrite' : 'readonly';
    const transaction = database.transaction(['workspaces', 'records'], mode);
    const stores = {
      workspaces: transaction.objectStore('workspaces'),
      records: transaction.objectStore('records'),
    };
    return JSON.stringify((await ASKED[question](stores, JSON.parse(given))) ?? null);
  } catch (error) {
    throw `${error?.name ?? 'Error'}: ${error?.message ?? error}`;
  }
}
