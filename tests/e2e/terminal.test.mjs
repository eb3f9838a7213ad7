// The terminal: commands by keyboard, what they print, and what the cluster makes of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hurry, manifest, readyPods, until, write } from './app.mjs';
import { axe, table, useSite } from './harness.mjs';

const site = useSite();
const log = (page) => page.getByRole('log', { name: 'Terminal output' });
const line = (page) => page.getByRole('textbox', { name: 'Terminal input' });

/** Enters a line and waits until the screen ends with the wanted text. */
async function run(page, command, wanted) {
  await line(page).fill(command);
  await line(page).press('Enter');
  return until(`${command} prints ${wanted}`, async () => {
    const text = await log(page).innerText();
    const own = text.slice(text.lastIndexOf(`$ ${command}`));
    return (typeof wanted === 'string' ? own.includes(wanted) : wanted.test(own)) && own;
  });
}

async function open(options) {
  const page = await site.open(options);
  await hurry(page);
  await readyPods(page, ['web-0', 'web-1', 'web-2']);
  return page;
}

test('commands read and change the cluster that the picture shows', async () => {
  const page = await open();
  await run(page, 'kubectl get po -o name', 'pod/web-0\npod/web-1\npod/web-2');
  await run(page, 'kubectl scale sts web --replicas=1', 'statefulset.apps/web scaled');
  await run(page, 'kubectl rollout status sts/web', 'partitioned roll out complete');
  await readyPods(page, ['web-0']);
  await run(page, 'kubectl delete po web-0', 'pod "web-0" deleted from default namespace');
  await readyPods(page, ['web-0']);
  await run(page, "kubectl get events | grep -c SuccessfulDelete", /\n[12]\n/);
  await run(page, 'kubectl describe sts web | grep -i replicas', 'Replicas:           1 desired | 1 total');
  await run(page, 'kubectl get sts nope', 'Error from server (NotFound): statefulsets.apps "nope" not found');
});

test('what is done on the page stands in the terminal as a command', async () => {
  const page = await open();
  assert.match(await log(page).innerText(), /\$ kubectl apply -f manifest\.yaml\nservice\/nginx created/);
  await page.getByRole('button', { name: 'Undo' }).first().isVisible();
});

test('a command that waits is stopped by Ctrl+C, and lines may be entered ahead', async () => {
  const page = await open();
  await line(page).fill('kubectl get po -w');
  await line(page).press('Enter');
  await page.getByRole('button', { name: 'Stop (Ctrl+C)' }).waitFor();
  await line(page).press('Control+c');
  await until('it is stopped', async () => (await log(page).innerText()).endsWith('^C\n'));
  await line(page).fill('sleep 2');
  await line(page).press('Enter');
  await run(page, 'echo then', 'then');
});

test('the keys are those of a shell', async () => {
  const page = await open();
  await line(page).fill('kubectl get sta');
  await line(page).press('Tab');
  assert.equal(await line(page).inputValue(), 'kubectl get statefulset');
  await line(page).fill('kubectl delete po web-1');
  await line(page).fill('kubectl get po web-');
  await line(page).press('Tab');
  await until('candidates', async () => (await page.locator('.terminal__help').innerText()).includes('web-0  web-1  web-2'));
  await run(page, 'echo one', 'one');
  await run(page, 'echo two', 'two');
  await line(page).press('ArrowUp');
  await line(page).press('ArrowUp');
  assert.equal(await line(page).inputValue(), 'echo one');
  await line(page).fill('');
  await line(page).press('Control+r');
  await line(page).pressSequentially('ne');
  await until('it is found', async () => (await page.locator('.terminal__help').innerText()).includes('echo one'));
  await line(page).press('Enter');
  await until('it ran', async () => (await log(page).innerText()).endsWith('$ echo one\none\n'));
  await line(page).press('Control+l');
  await until('it is empty', async () => (await log(page).innerText()).trim() === '');
  await line(page).fill('x');
  await line(page).press('Escape');
  await line(page).press('Tab');
  assert.equal(await line(page).evaluate((it) => it === document.activeElement), false);
});

test('the manifest is a file, and here-documents are pasted', async () => {
  const page = await open();
  await run(page, 'grep replicas manifest.yaml', 'replicas: 3');
  await run(page, "sed -i 's/replicas: 3/replicas: 2/' manifest.yaml", '');
  await until('the editor has it', async () => (await manifest(page)).includes('replicas: 2'));
  await readyPods(page, ['web-0', 'web-1']);
  const text = 'kubectl apply -f - <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: pasted\nEOF\n';
  await page.evaluate((it) => navigator.clipboard.writeText(it), text);
  await line(page).focus();
  await page.keyboard.press('ControlOrMeta+v');
  await until('it is applied', async () => (await log(page).innerText()).includes('configmap/pasted created'));
});

test('help and documentation come when somebody comes to the terminal', async () => {
  const page = await open();
  await line(page).focus();
  await page.waitForTimeout(500);
  await run(page, 'kubectl scale --help', 'Set a new size for a deployment, replica set');
  await run(page, 'kubectl explain sts.spec.podManagementPolicy', 'FIELD: podManagementPolicy <string>');
});

test('a way round a refusal, by commands alone', async () => {
  const page = await open();
  await write(page, (await manifest(page)).replace('replicas: 3', 'replicas: 3\n  podManagementPolicy: Parallel'));
  await run(page, 'kubectl apply -f manifest.yaml', 'The StatefulSet "web" is invalid: spec: Forbidden');
  await run(page, 'kubectl delete sts web --cascade=orphan', 'deleted from default namespace');
  await run(page, 'kubectl apply -f manifest.yaml', 'statefulset.apps/web created');
  await run(page, "kubectl get sts web -o jsonpath='{.spec.podManagementPolicy}'", 'Parallel');
  const pods = await table(page, 'Pods');
  assert.equal(pods.length, 3);
});

for (const scheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    test(`axe finds nothing in the terminal, ${scheme}, ${width} px`, async () => {
      const page = await site.open({ scheme, width });
      if (width < 1200) await page.getByRole('button', { name: 'Terminal' }).click();
      await run(page, 'kubectl get po; kubectl get nope', 'nope');
      await axe(page);
    });
  }
}

test('a shell inside of a container takes lines until it is left', async () => {
  const page = await open();
  await line(page).fill('kubectl exec -it web-0 -- sh');
  await line(page).press('Enter');
  await until('the shell asks', async () => (await page.locator('.terminal__prompt').innerText()).trim() === '/ #');
  for (const command of ['hostname', 'echo kept > /usr/share/nginx/html/note', 'exit']) {
    await line(page).fill(command);
    await line(page).press('Enter');
  }
  await until('the host name', async () => (await log(page).innerText()).includes('# hostname\nweb-0\n'));
  await run(page, 'kubectl exec web-0 -- cat /usr/share/nginx/html/note', 'kept');
});

test('kubectl edit opens an editor, which comes back with the reason when the server refuses', async () => {
  const page = await open();
  await line(page).fill('kubectl edit sts web');
  await line(page).press('Enter');
  const editor = page.getByRole('group', { name: /^Editing/ });
  const area = editor.getByRole('textbox');
  await area.waitFor();
  await axe(page);
  const text = await area.inputValue();
  await area.fill(text.replace('serviceName: nginx', 'serviceName: other'));
  await area.press('ControlOrMeta+s');
  await until('the reason stands in the text', async () => (await area.inputValue()).includes('# statefulsets.apps "web" was not valid:'));
  await area.fill(text.replace('replicas: 3', 'replicas: 2'));
  await editor.getByRole('button', { name: 'Save and close' }).click();
  await until('it is edited', async () => (await log(page).innerText()).includes('statefulset.apps/web edited'));
  await readyPods(page, ['web-0', 'web-1']);
});
