ou "security" "prod" {}
