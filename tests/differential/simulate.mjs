// Answers the lines of `lz policy eval` with what each level says, by iam-simulate.
import readline from "node:readline";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const FULL = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const WORDS = { Allowed: "allow", ExplicitlyDenied: "explicit_deny", ImplicitlyDenied: "implicit_deny" };

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, levels, request } = JSON.parse(line);
  const named = (policy, index) => ({ name: `p${index}`, policy });
  const answer = await runSimulation(
    {
      request: {
        principal: request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: "111122223333" },
        contextVariables: request.context,
      },
      identityPolicies: [{ name: "full", policy: FULL }],
      serviceControlPolicies: levels.map((level) => ({
        orgIdentifier: level.name,
        policies: level.policies.map(named),
      })),
      resourceControlPolicies: [],
    },
    {},
  );
  const units = answer.result?.analysis?.scpAnalysis?.ouAnalysis;
  const told = units ? { levels: units.map((unit) => WORDS[unit.result]) } : { error: JSON.stringify(answer) };
  console.log(JSON.stringify({ id, ...told }));
}
