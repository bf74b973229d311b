import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../state';

/** Asks for a token once. The token is sent to the operator and stays there. */
export function loginPage(problem: string | undefined, actions: Actions): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    actions.login(String(new FormData(event.target as HTMLFormElement).get('token')));
  };
  return html`
    <h1>Sweeps</h1>
    <form class="login" @submit=${submit}>
      <p>Log in with a token of the cluster. You see the sweeps that you may see with kubectl.</p>
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="off" required spellcheck="false">
      <button type="submit">Log in</button>
      ${problem === undefined ? nothing : html`<p role="alert" class="problem">${problem}</p>`}
      <p class="muted">For a service account that holds the role view in your namespace:</p>
      <pre tabindex="0" aria-label="commands for a token">kubectl create serviceaccount me
kubectl create rolebinding me-view --clusterrole=view --serviceaccount="$(kubectl config view --minify -o jsonpath='{..namespace}'):me"
kubectl create token me</pre>
    </form>`;
}
