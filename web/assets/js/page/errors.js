// The error summary takes the focus when a page arrives with one, so that it is read first.
export function focusErrors(root) {
  root.querySelector('.error-summary')?.focus();
}
