"""The evaluator of lz against one that we did not write: @cloud-copilot/iam-simulate, in a process of its own.

It is installed under target/ with npm for these tests only and is no part of lz. Where npm is missing, the tests are
skipped. Where the two differ on purpose, so that these cases are not generated:

- `ForAnyValue:...IfExists` without the key: the IAM User Guide lets `...IfExists` hold; iam-simulate does not.
- A variable without value in `NotResource`: the guide calls it a value that nothing equals; iam-simulate drops the
  statement. The same in negated operators.
- `NotIpAddress` with an address of the other family: not in the range, so it holds; iam-simulate says no.
- Wildcards in the service of an action are refused by iam-simulate.
- `aws:PrincipalArn` is always given: iam-simulate does not derive it.
"""
