"""lz on an AWS that we did not write: moto, over HTTP.

Where moto 5.2.1 differs from AWS in a way that matters here, so that these tests neither rest on it nor miss it:

- It has no `Paths` in ListAccounts and knows no Organizations resources in the tagging API. So these tests run lz's
  other ways to parents and tags.
- It has no Account Management names: renaming an account is not tested here.
- It makes and closes accounts at once, never throttles, and is never stale.
- It takes duplicate e-mails and duplicate OU names, policies beyond the maximum, policies without grammar, and lets
  the last SCP be detached and an OU be deleted that is not empty. So that lz does none of this is tested elsewhere.
- A deleted OU stays in ListTargetsForPolicy.
- UpdateOrganizationalUnit refuses a name that any OU of the organization has.
- It creates no policy types but SCP, RCP, tag and AI opt-out, and takes few services for delegated administration.
- An administrator that a service was told by its own call is not among Organizations' delegated administrators, as it is
  at AWS. So the service here is one that Organizations itself is told of.
- Its AWS-managed policies carry the management account in their ARN.
"""
