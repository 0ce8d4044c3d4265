Hi ${name}!
%{ for k, v in items ~}
  - ${k}: ${v}
%{ endfor ~}
End %{ if on }on%{ else }off%{ endif }.
