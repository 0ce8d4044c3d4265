locals {
  plain          = <<EOT
x
  ${"y"}
EOT
  strip_line     = <<EOT
x
  %{for i in ["p", "q"]~}
   item ${i}
  %{endfor~}
   tail
EOT
  indented       = <<-EOT
    x

      y
   ${"z"} w
    EOT
  tabs           = <<-EOT
  	tab
   sp
  EOT
  both_sides     = <<-EOT
    a ${~"m"~}
    
      b
    EOT
  value_first    = <<-EOT
    ${"z"}
      b
    EOT
  only_value     = <<-EOT
    ${1}
    EOT
  escapes        = <<EOT
$${x} %%{y} \n "q" $ % $$ %%
EOT
  simple         = <<-EOT
    foo
      bar
  EOT
  empty          = <<EOT
EOT
  empty_indented = <<-EOT
    EOT
  conditions     = <<-EOT
    %{if true}
    yes
    %{else}
    no
    %{endif}
    end
  EOT
  conditions_cut = <<-EOT
    %{if false~}
    yes
    %{~else~}
    no
    %{~endif~}
    end
  EOT
  nested         = <<-EOT
    %{for a in ["x", "y"]~}
    %{if a == "x"~}
    is ${a}
    %{endif~}
    %{endfor~}
  EOT
  blank_first    = <<-EOT

    a
  EOT
  unicode        = <<-EOT
    ä
     検
  EOT
  in_string      = "a %{if true}b%{endif} ${~"c"~} d"
  in_string_cut  = "a %{~if true~} b %{~endif~} c"
  two_values     = "${1}${"a"}"
  quoted         = "\u00e9\U0001F511\t\"\\$${a}%%{b}$a%b"
}
