ou "security" {
  name: "Security"
}
