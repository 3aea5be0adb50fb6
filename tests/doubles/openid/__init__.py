"""The double of a provider of OpenID Connect: discovery, PKCE, nonce, userinfo, rotating keys."""
