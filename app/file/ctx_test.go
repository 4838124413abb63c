package file

import "context"

type ctx = context.Context
