print("dpscribe")
