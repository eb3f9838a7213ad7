// Links and workspaces that somebody else has made.

import { deflateRawSync } from 'node:zlib';

export const YEAR_MS = 365 * 86_400_000;

/** The work of an open page as it is saved, which its file holds. */
export async function work(page) {
  await page.getByRole('button', { name: 'Workspaces' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export all' }).click();
  const pieces = await (await (await download).createReadStream()).toArray();
  await page.keyboard.press('Escape');
  const { statefulsetPlayground } = JSON.parse(Buffer.concat(pieces).toString());
  return JSON.parse(statefulsetPlayground.workspaces[0].work);
}

/** A link to work. */
export const link = (work) => `#play=1.${deflateRawSync(JSON.stringify(work)).toString('base64url')}`;

/** The same work with so many inputs more, so many milliseconds apart. */
export function withInputs(work, count, apart) {
  const one = (_, number) => ({
    at: 60_000 + number * apart,
    input: { crashContainer: { namespace: 'default', pod: 'web-0', container: 'nginx', exit_code: 1 } },
  });
  const session = { ...work.session, inputs: [...work.session.inputs, ...Array.from({ length: count }, one)] };
  const until = 60_000 + count * apart;
  return { ...work, session, playhead: until, horizon: until };
}

/** The same work with containers that crash every second, shown at an instant. */
export function crashing(work, until) {
  const faults = { slow_start_seconds: 0, crash_after_seconds: 1, no_images: false, provisioner: 'normal' };
  const session = { ...work.session, inputs: [...work.session.inputs, { at: 0, input: { setFaults: faults } }] };
  session.inputs.sort((one, other) => one.at - other.at);
  return { ...work, session, playhead: until, horizon: until };
}

/** The same work with probes every second, shown at an instant. */
export function probed(work, until) {
  const { session } = structuredClone(work);
  for (const { input } of session.inputs) {
    const containers = input.request?.change.create?.spec.template?.spec.containers ?? [];
    for (const container of containers) {
      for (const field of ['livenessProbe', 'readinessProbe']) container[field] = { tcpSocket: { port: 80 }, periodSeconds: 1 };
    }
  }
  return { ...work, session, playhead: until, horizon: until };
}

/** A file of one workspace. */
export function fileOf(name, work) {
  const file = { statefulsetPlayground: { format: 1, workspaces: [{ name, work: JSON.stringify(work) }] } };
  return { name: 'workspaces.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) };
}
