ou "security" {}

# landing_zone is missing
