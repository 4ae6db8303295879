// The token that proves whose telephone this is; it is good for an hour, and asked for anew whenever it is needed.

/** The token from the page `address`; "" when it is refused (nobody is signed in there any more), null when there was no
 * answer. `asking` is what else the request has. */
export async function askToken(address, asking = {}) {
  try {
    const headers = { Accept: "application/json", ...asking.headers };
    const response = await fetch(address, { cache: "no-store", ...asking, headers });
    if (response.ok) return (await response.json()).token;
    return response.status < 500 ? "" : null;
  } catch {
    return null;
  }
}
