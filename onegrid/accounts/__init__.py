"""Accounts: who may log in, with what rights, and who did what.

Words: account (person or machine), session, token, standing (a post held now), actor (whoever
asks, with the standings), permission, scope (post × territory subtree), audit. Which posts
somebody holds is told by a port (`ports.Standings`); what a notice says is left to `notices`."""
