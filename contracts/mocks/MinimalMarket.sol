// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MinimalMarket
/// @notice The least that a prefunded, challengeable, one-slot job can cost on the EVM: a limit to measure the real market by.
/// @dev No models, stake, sortition, callbacks, fees, governance or EIP-712. Balances are native, so that nothing but
/// the three calls is left to measure.
contract MinimalMarket {
    /* CONSTANTS */

    /// @notice Seconds between an answer and its settlement.
    uint256 public constant WINDOW = 60;

    /* STORAGE */

    /// @notice Free balance of an account, in wei.
    mapping(address account => uint256) public balanceOf;
    /// @notice Hash of what is known about a job: of its request, then of its answer; zero before and after.
    mapping(bytes32 id => bytes32) public recordOf;

    /* EVENTS */

    event Requested(bytes32 indexed id, address payer, uint256 fee);
    event Answered(bytes32 indexed id, address operator, bytes32 answer);
    event Settled(bytes32 indexed id, address operator, uint256 fee);

    /* ERRORS */

    error InsufficientBalance(uint256 balance, uint256 needed);
    error RecordMismatch(bytes32 id);
    error TooEarly(uint256 settleableAt);

    /* JOBS */

    /// @notice Adds the sent value to the caller's balance.
    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    /// @notice Takes `fee` from the caller's balance for the job `id`.
    function request(bytes32 id, uint256 fee) external {
        uint256 balance = balanceOf[msg.sender];
        require(balance >= fee, InsufficientBalance(balance, fee));
        require(recordOf[id] == 0, RecordMismatch(id));

        // Cannot underflow: checked above.
        unchecked {
            balanceOf[msg.sender] = balance - fee;
        }
        recordOf[id] = keccak256(abi.encode(msg.sender, fee));
        emit Requested(id, msg.sender, fee);
    }

    /// @notice Answers the job `id` in the caller's name.
    function commit(bytes32 id, address payer, uint256 fee, bytes32 answer) external {
        require(recordOf[id] == keccak256(abi.encode(payer, fee)), RecordMismatch(id));

        recordOf[id] = keccak256(abi.encode(payer, fee, msg.sender, answer, block.timestamp));
        emit Answered(id, msg.sender, answer);
    }

    /// @notice Pays the operator of the job `id` once its window has passed.
    function settle(
        bytes32 id,
        address payer,
        uint256 fee,
        address operator,
        bytes32 answer,
        uint256 answeredAt
    ) external {
        require(recordOf[id] == keccak256(abi.encode(payer, fee, operator, answer, answeredAt)), RecordMismatch(id));
        // Cannot overflow: a time that was once `block.timestamp`.
        unchecked {
            require(block.timestamp >= answeredAt + WINDOW, TooEarly(answeredAt + WINDOW));
        }

        recordOf[id] = 0;
        // Cannot overflow: bounded by the ether there is.
        unchecked {
            balanceOf[operator] += fee;
        }
        emit Settled(id, operator, fee);
    }
}
