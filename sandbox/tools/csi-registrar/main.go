// Tells the kubelet of a CSI driver, as node-driver-registrar does, which no package registry has.
//
// Arguments: the driver's name, the path of its socket, and the folder in which the kubelet looks for new drivers.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

type registrar struct {
	registration.UnimplementedRegistrationServer
	name, endpoint string
}

func (driver registrar) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{
		Type:              registration.CSIPlugin,
		Name:              driver.name,
		Endpoint:          driver.endpoint,
		SupportedVersions: []string{"1.0.0"},
	}, nil
}

func (driver registrar) NotifyRegistrationStatus(_ context.Context, status *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !status.PluginRegistered {
		fail(fmt.Errorf("the kubelet refused %s: %s", driver.name, status.Error))
	}
	fmt.Println("the kubelet knows", driver.name)
	return &registration.RegistrationStatusResponse{}, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	name, endpoint, folder := os.Args[1], os.Args[2], os.Args[3]
	socket := filepath.Join(folder, name+"-reg.sock")
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		fail(err)
	}
	server := grpc.NewServer()
	registration.RegisterRegistrationServer(server, registrar{name: name, endpoint: endpoint})
	fail(server.Serve(listener))
}
