// Package evalorder finds results that depend on an order which the Go specification leaves open.
//
// In "return v, f(&v)" the call may run before or after v is read: the specification orders calls, method calls and
// channel operations among themselves, but not the reading of a variable against them ("Order of evaluation"). The compiler
// may choose anew with each release. The remedy is two statements.
//
// Looked at are lists whose members are evaluated together: results, the right side of an assignment, arguments, elements
// of a literal, operands. Reported is a member that reads a variable by value while another member's call may change it:
// it gets the address, is a method that assigns to its receiver, or is given a function that assigns the variable. What a
// call changes through a pointer that was made earlier is not seen, nor what a method changes that hands its receiver on
// or belongs to another package: to look into those would mean to analyze everything that is imported.
package evalorder

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Analyzer reports the form.
var Analyzer = &analysis.Analyzer{
	Name: "evalorder",
	Doc:  "report a variable that is read beside a call which may change it, in an order that the specification leaves open",
	Run:  run,
}

// checker knows one package.
type checker struct {
	*analysis.Pass
	assigning map[types.Object]bool // its methods that assign to what their receivers point at
}

func run(pass *analysis.Pass) (any, error) {
	c := checker{pass, map[types.Object]bool{}}
	c.learn()
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt:
				c.check(n.Results)
			case *ast.AssignStmt:
				c.check(n.Rhs)
			case *ast.ValueSpec:
				c.check(n.Values)
			case *ast.CallExpr:
				c.check(n.Args)
			case *ast.CompositeLit:
				c.check(n.Elts)
			case *ast.BinaryExpr:
				if n.Op != token.LAND && n.Op != token.LOR { // those two are ordered
					c.check([]ast.Expr{n.X, n.Y})
				}
			}
			return true
		})
	}
	return nil, nil
}

// check compares each member of a list with each other.
func (c checker) check(list []ast.Expr) {
	if len(list) < 2 {
		return
	}
	changes := make([]map[*types.Var]bool, len(list))
	for i, e := range list {
		changes[i] = c.changed(e)
	}
	for i, e := range list {
		for j, vars := range changes {
			if i == j || len(vars) == 0 {
				continue
			}
			// What is read for an earlier call is read before that call, and so before the later one.
			if id := reads(c.TypesInfo, e, vars, j < i); id != nil {
				c.Reportf(id.Pos(), "%s is read beside a call that may change it: the order is open; make it two statements", id.Name)
			}
		}
	}
}

// changed lists the variables that a call within the expression may change.
func (c checker) changed(e ast.Expr) map[*types.Var]bool {
	info := c.TypesInfo
	vars := map[*types.Var]bool{}
	note := func(x ast.Expr) {
		if v := root(info, x); v != nil {
			vars[v] = true
		}
	}
	ast.Inspect(e, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			_, literal := n.(*ast.FuncLit) // it is not run here
			return !literal
		}
		if info.Types[call.Fun].IsType() {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			if s := info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && pointerReceiver(s) && c.assigning[s.Obj()] {
				note(sel.X)
			}
		}
		for _, arg := range append([]ast.Expr{call.Fun}, call.Args...) {
			ast.Inspect(arg, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.UnaryExpr:
					if n.Op == token.AND {
						note(n.X)
					}
				case *ast.FuncLit:
					assigned(n, note)
					return false
				}
				return true
			})
		}
		return true
	})
	return vars
}

// learn finds the methods of the package that assign to their receivers, themselves or by another such method.
func (c checker) learn() {
	for again := true; again; {
		again = false
		for _, file := range c.Files {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv == nil || f.Body == nil || len(f.Recv.List[0].Names) == 0 {
					continue
				}
				obj, receiver := c.TypesInfo.Defs[f.Name], c.TypesInfo.Defs[f.Recv.List[0].Names[0]]
				if obj == nil || receiver == nil || c.assigning[obj] || !c.assignsTo(f.Body, receiver) {
					continue
				}
				c.assigning[obj] = true
				again = true
			}
		}
	}
}

func (c checker) assignsTo(body ast.Node, receiver types.Object) (found bool) {
	note := func(x ast.Expr) {
		for {
			switch e := x.(type) {
			case *ast.SelectorExpr:
				x = e.X
			case *ast.IndexExpr:
				x = e.X
			case *ast.StarExpr:
				x = e.X
			case *ast.ParenExpr:
				x = e.X
			case *ast.Ident:
				found = found || c.TypesInfo.Uses[e] == receiver
				return
			default:
				return
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				if _, bare := x.(*ast.Ident); !bare { // a new value for the receiver's own variable changes nothing
					note(x)
				}
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				if s := c.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.MethodVal && c.assigning[s.Obj()] {
					note(sel.X)
				}
			}
		}
		return !found
	})
	return found
}

// assigned notes what a function literal assigns or takes the address of.
func assigned(f *ast.FuncLit, note func(ast.Expr)) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				note(x)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
}

// pointerReceiver says whether the method gets the address of an operand that is itself a value.
func pointerReceiver(s *types.Selection) bool {
	f, ok := s.Obj().(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return false
	}
	_, pointer := f.Signature().Recv().Type().Underlying().(*types.Pointer)
	_, given := s.Recv().Underlying().(*types.Pointer)
	return pointer && !given
}

// root finds the variable that holds an operand: v of v.a and v[i], unless a pointer, slice or map lies between.
func root(info *types.Info, e ast.Expr) *types.Var {
	switch e := e.(type) {
	case *ast.Ident:
		v, _ := info.ObjectOf(e).(*types.Var)
		return v
	case *ast.ParenExpr:
		return root(info, e.X)
	case *ast.SelectorExpr:
		if t := info.TypeOf(e.X); t != nil {
			if _, ok := t.Underlying().(*types.Struct); ok {
				return root(info, e.X)
			}
		}
	case *ast.IndexExpr:
		if t := info.TypeOf(e.X); t != nil {
			if _, ok := t.Underlying().(*types.Array); ok {
				return root(info, e.X)
			}
		}
	}
	return nil
}

// reads finds a reading of one of the variables by value. Within calls only if asked.
func reads(info *types.Info, e ast.Expr, vars map[*types.Var]bool, withinCalls bool) (found *ast.Ident) {
	ast.Inspect(e, func(n ast.Node) bool {
		if found != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if !withinCalls && !info.Types[n.Fun].IsType() && !info.Types[n.Fun].IsBuiltin() {
				return false
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				return false
			}
		case *ast.KeyValueExpr: // the key of a struct's element is no variable
			found = reads(info, n.Value, vars, withinCalls)
			return false
		case *ast.SelectorExpr:
			if s := info.Selections[n]; s != nil && s.Kind() == types.MethodVal && pointerReceiver(s) {
				return false
			}
		case *ast.Ident:
			if v, ok := info.Uses[n].(*types.Var); ok && vars[v] && !v.IsField() {
				found = n
			}
		}
		return true
	})
	return found
}
