/** `shop / cart` of `shop/Deployment/cart`; an image as it is. */
export function shortName(subject: string): string {
  const [namespace, kind, name, ...rest] = subject.split('/');
  return name !== undefined && rest.length === 0 && /^[A-Z]/.test(kind ?? '') ? `${namespace} / ${name}` : subject;
}
