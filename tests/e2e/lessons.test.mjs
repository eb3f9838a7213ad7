// Lessons: opened from the list and by links, solved, made by a teacher; and the lab by keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hurry, readyPods, until } from './app.mjs';
import { axe, useSite } from './harness.mjs';

const site = useSite();
const region = (page) => page.getByRole('region', { name: 'Lesson', exact: true });
const log = (page) => page.getByRole('log', { name: 'Terminal output' });
const line = (page) => page.getByRole('textbox', { name: 'Terminal input' });
const count = (page) => region(page).locator('.lesson__count').innerText();
const reached = (page, number) =>
  until(`${number} tasks are done`, async () => (await count(page)).startsWith(`${number} of`));

async function enter(page, command) {
  await line(page).fill(command);
  await line(page).press('Enter');
}

test('a lesson is opened from the list, and solved with hints', async () => {
  const page = await site.open();
  await page.getByRole('button', { name: 'Lessons' }).click();
  await axe(page);
  await page.getByRole('button', { name: 'First StatefulSet' }).click();
  await region(page).waitFor();
  await hurry(page);
  await axe(page);
  const tasks = region(page).getByRole('list', { name: 'Tasks' });
  assert.equal(await tasks.locator('[aria-current="step"]').count(), 1);
  for (const number of [1, 2, 3]) {
    await region(page).getByRole('button', { name: `Hint ${number} of 3` }).click();
  }
  await region(page).getByRole('button', { name: 'Do it for me' }).click();
  await reached(page, 1);
  await enter(page, "kubectl exec web-0 -- sh -c 'echo hello > /usr/share/nginx/html/index.html'");
  await reached(page, 2);
  await region(page).getByRole('radio', { name: /still serves/ }).check();
  await enter(page, 'kubectl delete pod web-0');
  await reached(page, 3);
  await until('the answer is decided', async () =>
    (await region(page).innerText()).includes('That is what happened.'));
  await axe(page);
  await page.getByRole('button', { name: 'Lessons' }).click();
  await page.getByRole('button', { name: 'First StatefulSet (done)' }).waitFor();
});

test('a link names a lesson, and leaves the work that is there', async () => {
  const page = await site.open();
  await page.getByLabel('Example', { exact: true }).selectOption('cache');
  await until('the example is open', async () =>
    (await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()) === 'cache');
  await page.waitForTimeout(600);
  const { origin, pathname } = new URL(page.url());
  const other = await page.context().newPage();
  await other.goto(`${origin}${pathname}#lesson=claims-stay`);
  await region(other).getByRole('heading', { name: 'Claims stay' }).waitFor();
  await other.reload();
  await region(other).getByRole('heading', { name: 'Claims stay' }).waitFor();
  await page.reload();
  await until('the work is there', async () =>
    (await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()) === 'cache');
  await other.close();
});

test('a link to no lesson says so', async () => {
  const page = await site.open({ address: '#lesson=no-such-lesson' });
  await page.getByText('There is no lesson no-such-lesson here').first().waitFor();
  site.forgive(page);
  const damaged = await site.open({ address: '#lesson=1.AAAA' });
  await damaged.getByText('the link is damaged').first().waitFor();
});

test('a lesson that a teacher makes of a session is shared as a link, and solved', async () => {
  const teacher = await site.open();
  await hurry(teacher);
  await readyPods(teacher, ['web-0', 'web-1', 'web-2']);
  await teacher.getByRole('button', { name: 'Lessons' }).click();
  await teacher.getByRole('button', { name: 'Make a lesson' }).click();
  const form = teacher.getByRole('region', { name: 'Make a lesson' });
  await form.getByLabel('Title').fill('Grow');
  await form.getByLabel('Story').fill('Three are not enough.');
  await form.getByLabel('Goal').selectOption({ label: 'web has 4 replicas, all ready' });
  await form.getByLabel('What to do').fill('Scale web to four.');
  await form.getByLabel('Hint').fill('Enter `kubectl scale sts web --replicas=4`.');
  await axe(teacher);
  await form.getByRole('button', { name: 'Copy link to the lesson' }).click();
  await teacher.getByText('The link to the lesson is copied.').waitFor();
  const link = await teacher.evaluate(() => navigator.clipboard.readText());

  const learner = await site.open({ address: new URL(link).hash });
  await region(learner).getByRole('heading', { name: 'Grow' }).waitFor();
  await hurry(learner);
  await readyPods(learner, ['web-0', 'web-1', 'web-2']);
  await region(learner).getByRole('button', { name: 'Hint 1 of 1' }).click();
  await enter(learner, 'kubectl scale sts web --replicas=4');
  await reached(learner, 1);
  await region(learner).getByRole('heading', { name: 'Done' }).waitFor();
  await region(learner).getByRole('button', { name: 'Copy link to the lesson' }).click();
  await learner.getByText('The link to the lesson is copied.').first().waitFor();
  const again = await learner.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(again).hash, new URL(link).hash);
});

test('a narrow page shows the lesson as a region of its own', async () => {
  const page = await site.open({ address: '#lesson=first-statefulset', width: 360, height: 740 });
  await region(page).waitFor();
  await axe(page);
  await page.getByRole('button', { name: 'Terminal', exact: true }).click();
  await line(page).waitFor();
  await page.getByRole('button', { name: 'Lesson', exact: true }).click();
  await region(page).getByRole('button', { name: 'Leave the lesson' }).click();
  await page.getByRole('region', { name: 'Cluster' }).waitFor();
});

/** Presses Tab until the focused element has this accessible name. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.innerText ?? '';
    });
    if (found.trim() === name) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

test('the lab is done by keyboard alone', async () => {
  const page = await site.open({ width: 1600, height: 1000 });
  await tabTo(page, 'Example');
  for (const key of 'Minikube') await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await until('the lab is open', async () => (await log(page).innerText()).includes('NAME: web-app'));
  await tabTo(page, 'Speed');
  await page.keyboard.press('End');
  await tabTo(page, 'Terminal input');
  const type = async (command, wanted) => {
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
    return until(`${command} prints ${wanted}`, async () => {
      const text = await log(page).innerText();
      const own = text.slice(text.lastIndexOf(`$ ${command}`));
      return wanted.test(own) && own;
    });
  };
  await type('kubectl rollout status sts/web-app', /complete|roll out|pods at revision/);
  await type('helm list', /vault-0\.29\.1[\s\S]*web-app-0\.1\.0/);
  await type('kubectl get po,sts,svc,pvc', /persistentvolumeclaim\/web-app-vol-web-app-1 +Bound/);
  await type('minikube service web-app', /Because you are using a Docker driver on linux/);
  const browser = page.getByRole('region', { name: 'Browser' });
  await tabTo(page, 'Reload');
  await until('both pods have answered', async () => {
    await page.keyboard.press('Enter');
    return (await browser.getByRole('list', { name: 'Answers by pod' }).locator('li').count()) === 2;
  });
  await axe(page);
  await tabTo(page, 'Close browser');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Terminal input');
  await page.keyboard.press('Control+c');
  await type('kubectl exec pod/web-app-0 -- cat visits', /\(init\)\n[1-9]\d*\n/);
  await type('kubectl exec pod/web-app-1 -- cat visits', /\(init\)\n[1-9]\d*\n/);
  await type('kubectl delete pod web-app-0', /deleted from default namespace/);
  await type('kubectl rollout status sts/web-app', /complete|roll out|pods at revision/);
  await type('kubectl get po,pvc', /pod\/web-app-0 +2\/2/);
  await type(
    'kubectl exec pod/web-app-0 -- nslookup web-app-1.web-app.default.svc.cluster.local',
    /Name:\tweb-app-1\.web-app\.default\.svc\.cluster\.local\nAddress: 10\.244\./,
  );
  await type('kubectl describe pod web-app-0 | grep "Liveness"', /http-get http:\/\/:http\/ delay=0s/);
  await type('kubectl describe pod web-app-0 | grep "Readiness"', /http-get http:\/\/:http\/ delay=0s/);
  await type("sed -i 's/  replicas: 2/  replicas: 2\\n  podManagementPolicy: Parallel/' manifest.yaml", /\$/);
  await type('helm upgrade web-app chart', /updates to statefulset spec for fields other than/);
  await type('helm uninstall web-app', /release "web-app" uninstalled/);
  await type('sleep 40; helm install web-app chart', /STATUS: deployed/);
  await type('sleep 20; kubectl get po', /web-app-0 +2\/2[\s\S]*web-app-1 +2\/2/);
});
