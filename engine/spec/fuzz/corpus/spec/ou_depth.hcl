ou "a" {
  ou "b" {
    ou "c" {
      ou "d" {
        ou "e" {
          ou "f" {}
        }
      }
    }
  }
}
