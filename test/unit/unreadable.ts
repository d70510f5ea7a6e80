/** A getter or trap of a value that nothing can be read of. */
export function trap(): never {
  throw new Error("trap");
}

/** A proxy that every access throws at. */
export function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
